"""From a verdict to an open case: what is known, which case it joins, what the policy decides."""
