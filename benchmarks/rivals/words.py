"""What the rivals say: as long as what the desk says, with as many buttons."""

WELCOME = (
    "<b>Hello!</b> I answer questions about Connects and your profile, show how many Connects you "
    "have and what is left to do, and help you to verify your phone number.\n\n"
    "Ask in your own words, or choose below. I will never ask you for a login code."
)
ANSWER = (
    "<b>How the monthly Connects come together</b>\n\n"
    "You get ten Connects for a complete profile, ten for a verified phone number and ten for "
    "your first week. Each of them is given once, and all of them are yours to keep until the end "
    "of the month. What you do not use goes over to the next month.\n\n"
    "• Fill in the title, the overview and your work history.\n"
    "• Verify the number of your phone.\n"
    "• Keep your profile visible.\n\n"
    "<i>Source: the help centre, article 203735423.</i>\n\nDid this help?"
)
PROGRESS = (
    "<b>20 of 40 Connects</b>\n█████░░░░░ half of the way\n\n"
    "✅ done: basic profile information (10)\n"
    "⬜ due: 80 percent of the profile, you have 72 (10)\n"
    "⬜ due: verify your phone number (10)\n✅ done: quick actions (10)\n\n"
    "As the marketplace told us on 23 Nov 2026, 14:05 UTC."
)
WHY = (
    "The steps above make 30 of the 40 Connects. The rest is not documented by the marketplace: "
    "it may be given for things that are not listed, or not at all."
)
BUTTONS = [[("Why 40?", "p:why")], [("Refresh", "p:refresh")]]
