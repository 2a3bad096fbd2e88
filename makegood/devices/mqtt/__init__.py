"""The server's side of MQTT 3.1.1, as much of it as buttons and pagers need. Pure: no network."""
