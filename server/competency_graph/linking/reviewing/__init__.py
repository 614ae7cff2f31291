"""What a review consists of: who reviews, how decisions are recorded, and how two reviews compare.

`linking.review` has the review itself. Start reading in `records`.
"""
