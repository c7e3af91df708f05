package io.portcullis.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.portcullis.model.Decision.Mode;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LimitModeWatchTest {
  private final List<String> events = new ArrayList<>();
  private final LimitModeWatch watch =
      new LimitModeWatch(
          (from, to, reason) -> events.add(from + ">" + to + " " + reason),
          Mode.LOCAL,
          Clock.systemUTC());

  @Test
  void look_outageAndRecovery_isOneEventEach() {
    watch.look(true, 0, "");
    watch.look(false, 10, "timeout");
    watch.look(false, 20, "timeout");
    watch.look(true, 20, "timeout");
    watch.look(true, 20, "timeout");
    assertEquals(List.of("REDIS>LOCAL timeout", "LOCAL>REDIS recovered"), events);
    assertEquals(Mode.REDIS, watch.status().mode());
    assertEquals("", watch.status().reason());
  }

  @Test
  void look_outageBetweenTwoLooks_isStillSeen() {
    watch.look(true, 3, "timeout");
    watch.look(true, 3, "timeout");
    assertEquals(List.of("REDIS>LOCAL timeout", "LOCAL>REDIS recovered"), events);
  }
}
