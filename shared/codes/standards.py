"""Standards of management systems that everybody calls by their number alone: 车厂要我们过16949."""

NUMBERS = ("9001", "14001", "16949", "27001", "27701", "45001", "50001", "13485", "22301")
