package io.portcullis.waf;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Clock;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One look at the raw audit log: counts what was refused, hands it to the trail, writes everything
 * masked. Memory is bounded whatever the log's size. One thread; blocks on files.
 */
final class WafLogReader implements AutoCloseable {
  private static final int BATCH = 256;
  private static final int REMEMBERED = 8_192;

  private final RawLog raw;
  private final Optional<MaskedLog> masked;
  private final BlockSampler sampler;
  private final Consumer<WafBlock> trail;
  private final Clock clock;
  private final Map<RuleGroup, Counter> blocks = new EnumMap<>(RuleGroup.class);
  private final Counter garbage;

  /** An error page is a second pass through the firewall under the same id. */
  private final Map<String, Boolean> seen =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
          return size() > REMEMBERED;
        }
      };

  WafLogReader(
      RawLog raw,
      Optional<MaskedLog> masked,
      Consumer<WafBlock> trail,
      MeterRegistry meters,
      Clock clock) {
    this.raw = raw;
    this.masked = masked;
    this.trail = trail;
    this.clock = clock;
    sampler = new BlockSampler(clock);
    for (RuleGroup group : RuleGroup.values()) {
      blocks.put(
          group,
          Counter.builder("portcullis.waf.blocks")
              .description("requests that the web application firewall refused")
              .tag("rule_group", group.label())
              .register(meters));
    }
    garbage =
        Counter.builder("portcullis.waf.log.garbage")
            .description("lines of the firewall's log that are no entry")
            .register(meters);
  }

  /** Reads what has come since the last look; entries are let go only when they are dealt with. */
  void look() throws IOException {
    while (raw.take()) {
      Progress progress = new Progress(raw.start());
      raw.read(progress);
      settle();
      raw.drop();
    }
    sampler.ended().forEach(trail);
  }

  @Override
  public void close() throws IOException {
    sampler.all().forEach(trail);
    if (masked.isPresent()) {
      masked.get().close();
    }
  }

  private void settle() throws IOException {
    if (masked.isPresent()) {
      masked.get().force();
    }
  }

  private void entry(byte[] line) throws IOException {
    Optional<Transaction> read = AuditLine.read(line);
    if (read.isEmpty()) {
      garbage.increment();
      return;
    }
    Transaction entry = read.get();
    boolean refused = entry.refused();
    if (seen.putIfAbsent(entry.id(), refused) != null) {
      return;
    }
    if (refused) {
      Optional.ofNullable(blocks.get(entry.group())).ifPresent(Counter::increment);
      sampler.admit(entry.block()).ifPresent(trail);
    }
    if (masked.isPresent()) {
      masked.get().write(MaskedLine.of(entry, clock.instant()));
    }
  }

  /** Counts bytes as lines are dealt with, and notes the position after each batch. */
  private final class Progress implements RawLog.LineReader {
    private long position;
    private int lines;

    Progress(long start) {
      position = start;
    }

    @Override
    public void line(byte @org.jspecify.annotations.Nullable [] line) throws IOException {
      if (line == null) {
        garbage.increment();
        // How long it was is not known here: the next note is made at the end of the spool.
        position = Long.MIN_VALUE;
        return;
      }
      if (line.length > 0) {
        entry(line);
      }
      position += line.length + 1;
      if (++lines % BATCH == 0 && position > 0) {
        settle();
        raw.done(position);
      }
    }
  }
}
