package io.portcullis.waf;

import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps a flood out of the audit trail: of each address the first refused requests of a window get
 * an event of their own, the rest are counted and told in one event when the window ends. Addresses
 * beyond the table's size share one entry. One thread.
 */
final class BlockSampler {
  static final int EVENTS_PER_WINDOW = 10;
  static final long WINDOW_MILLIS = 60_000;

  private static final int MAX_ADDRESSES = 4_096;
  private static final String OTHERS = "others";

  private final Clock clock;
  private final Map<String, Window> windows = new LinkedHashMap<>();

  BlockSampler(Clock clock) {
    this.clock = clock;
  }

  /** The block to record now; empty when it is only counted. */
  Optional<WafBlock> admit(WafBlock block) {
    boolean known = windows.containsKey(block.client());
    String key = known || windows.size() < MAX_ADDRESSES ? block.client() : OTHERS;
    Window window = windows.computeIfAbsent(key, first -> new Window(clock.millis()));
    if (window.recorded < EVENTS_PER_WINDOW) {
      window.recorded++;
      return Optional.of(block);
    }
    window.unrecorded++;
    window.last = Optional.of(block);
    return Optional.empty();
  }

  /** What the windows that have ended left uncounted in the trail: one block for each address. */
  List<WafBlock> ended() {
    return end(clock.millis() - WINDOW_MILLIS);
  }

  /** The same for all windows, at the end of the work. */
  List<WafBlock> all() {
    return end(Long.MAX_VALUE);
  }

  private List<WafBlock> end(long before) {
    List<WafBlock> sums = new ArrayList<>();
    windows
        .values()
        .removeIf(
            window -> {
              if (window.since > before) {
                return false;
              }
              window.last.ifPresent(last -> sums.add(last.withUnrecorded(window.unrecorded)));
              return true;
            });
    return sums;
  }

  /** One address in one window. */
  private static final class Window {
    private final long since;
    private int recorded;
    private long unrecorded;
    private Optional<WafBlock> last = Optional.empty();

    Window(long since) {
      this.since = since;
    }
  }
}
