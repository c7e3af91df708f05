package io.portcullis.bench;

import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * How much of the machine somebody else used meanwhile. Neighbours do not add to a process's CPU
 * time, but they do make its work dearer: caches and hyper-threads are shared.
 */
final class MachineShare {
  private final List<Long> servers;
  private final int cores;
  private long begunNanos;
  private long othersMicros;

  MachineShare(List<Long> servers, Cores cores) {
    this.servers = servers;
    this.cores = cores.allowed().size();
  }

  /** Starts to look. */
  void begin() {
    begunNanos = System.nanoTime();
    othersMicros = othersSoFar();
  }

  /** The share of all CPU time since the beginning, 0 to 1. */
  double others() {
    double available =
        (double) TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - begunNanos) * cores;
    return Math.clamp((othersSoFar() - othersMicros) / available, 0, 1);
  }

  /** A process may end by itself meanwhile, like Nginx' loader of its cache. */
  private static long sparing(long server) {
    try {
      return ProcessStat.cpuMicros(server);
    } catch (BenchFailure gone) {
      return 0;
    }
  }

  private long othersSoFar() {
    long ours = ProcessStat.ownMicros();
    for (long server : servers) {
      ours += sparing(server);
    }
    return ProcessStat.machineBusyMicros() - ours;
  }
}
