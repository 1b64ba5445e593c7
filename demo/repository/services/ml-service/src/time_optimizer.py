"""When an account's audience is awake."""


class TimeOptimizer:
    def __init__(self):
        self.clicks = {}  # account -> {hour: clicks}

    def recommend_best_times(self, account_id):
        hours = self.clicks.get(account_id, {})
        return sorted(hours, key=hours.get, reverse=True)[:3]

    def get_confidence(self, account_id):
        return min(1.0, sum(self.clicks.get(account_id, {}).values()) / 100)


_optimizer = TimeOptimizer()


def get_time_optimizer():
    return _optimizer
