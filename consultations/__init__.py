"""Public consultations and the agora."""
