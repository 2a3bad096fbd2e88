"""What befalls a running case: calls, answers, hand-over, joining and parting, an honest end."""
