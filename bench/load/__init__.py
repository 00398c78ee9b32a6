"""What the way through the gateway costs: the three services as processes of their own, asked over loopback."""
