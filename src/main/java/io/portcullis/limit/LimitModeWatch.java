package io.portcullis.limit;

import io.portcullis.model.Decision;
import java.time.Clock;

/**
 * Makes one event of each change of mode. Looked at from time to time rather than told by every
 * decision: that bounds the rate of events by the rate of looks, and an outage too short to be seen
 * in the health is still seen by the requests it left undecided. One thread looks; any may read.
 */
final class LimitModeWatch {
  private final LimitModeListener listener;
  private final Decision.Mode outageMode;
  private final Clock clock;
  private long undecidedBefore;
  private volatile LimiterStatus status;

  LimitModeWatch(LimitModeListener listener, Decision.Mode outageMode, Clock clock) {
    this.listener = listener;
    this.outageMode = outageMode;
    this.clock = clock;
    this.status = new LimiterStatus(Decision.Mode.REDIS, clock.instant(), "");
  }

  LimiterStatus status() {
    return status;
  }

  /**
   * Looks.
   *
   * @param redisUp whether Redis is usable now
   * @param undecided requests decided without Redis since the start
   * @param lastError the code of Redis' last failure
   */
  void look(boolean redisUp, long undecided, String lastError) {
    boolean well = redisUp && undecided == undecidedBefore;
    undecidedBefore = undecided;
    Decision.Mode mode = well ? Decision.Mode.REDIS : outageMode;
    Decision.Mode before = status.mode();
    if (mode != before) {
      status = new LimiterStatus(mode, clock.instant(), well ? "" : lastError);
      listener.changed(before, mode, well ? "recovered" : lastError);
    }
  }
}
