"""From an update to replies: inbox, turns, dispatch, flood guard, handlers."""
