"""Hardware speaks to us: buttons over MQTT and over webhooks. Translates, commits, acknowledges."""
