"""The Telegram adapter's place. Nothing is built here yet; the web page is the platform that works."""
