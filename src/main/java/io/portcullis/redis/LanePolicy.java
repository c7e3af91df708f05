package io.portcullis.redis;

import java.time.Duration;

/**
 * How patient a lane is.
 *
 * @param breakerFailures failed calls in a row after which Redis is left alone
 * @param breakerPause how long it is left alone before each probe
 * @param probeDeadline how fast a probe must be answered: the deadline of ordinary calls, since a
 *     Redis that cannot keep it is of no use to them
 */
public record LanePolicy(int breakerFailures, Duration breakerPause, Duration probeDeadline) {}
