package io.portcullis.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the kernel says of a process and of the whole machine ({@code proc(5)}). */
final class ProcessStat {
  /**
   * USER_HZ, the unit of {@code /proc}: part of the kernel's ABI, 100 whatever its own clock. A
   * round of eight seconds is hundreds of ticks, so a tick is below half a percent of it.
   */
  private static final long MICROS_PER_TICK = 10_000;

  /** The manual's number of the field that comes first behind the name. */
  private static final int STATE = 3;

  private static final Path PROC = Path.of("/proc");

  private ProcessStat() {}

  /**
   * CPU time of a process so far, user and system, all its threads, ended ones too; microseconds.
   *
   * @throws BenchFailure when there is no such process
   */
  static long cpuMicros(long pid) {
    return parseCpuMicros(read(pid, "stat"));
  }

  /** Resident memory of a process, in bytes. */
  static long residentBytes(long pid) {
    return parseResidentBytes(read(pid, "status"));
  }

  /** CPU time of this process and of those that it started and that ended; microseconds. */
  static long ownMicros() {
    String stat = read(ProcessHandle.current().pid(), "stat");
    return parseCpuMicros(stat) + parseChildrenMicros(stat);
  }

  /** The cores that this process may use, as the kernel writes it, e.g. {@code 0-3,8}. */
  static String allowedCores() {
    return line(read(ProcessHandle.current().pid(), "status"), "Cpus_allowed_list:");
  }

  /** CPU time that the whole machine has worked so far, or was kept from it; microseconds. */
  static long machineBusyMicros() {
    try (var lines = Files.lines(PROC.resolve("stat"))) {
      return parseBusyMicros(lines.findFirst().orElse(""));
    } catch (IOException e) {
      throw BenchFailure.of("/proc/stat cannot be read: " + e.getMessage());
    }
  }

  static long parseCpuMicros(String stat) {
    String[] fields = fields(stat);
    return (Long.parseLong(fields[14 - STATE]) + Long.parseLong(fields[15 - STATE]))
        * MICROS_PER_TICK;
  }

  static long parseChildrenMicros(String stat) {
    String[] fields = fields(stat);
    return (Long.parseLong(fields[16 - STATE]) + Long.parseLong(fields[17 - STATE]))
        * MICROS_PER_TICK;
  }

  static long parseResidentBytes(String status) {
    return Long.parseLong(line(status, "VmRSS:").replace("kB", "").strip()) * 1024;
  }

  /** {@code cpu user nice system idle iowait irq softirq steal …}: everything but the idling. */
  static long parseBusyMicros(String line) {
    String[] fields = line.strip().split(" +", -1);
    if (fields.length < 9 || !fields[0].equals("cpu")) {
      throw new IllegalArgumentException("not the first line of /proc/stat");
    }
    long ticks = 0;
    for (int i : new int[] {1, 2, 3, 6, 7, 8}) {
      ticks += Long.parseLong(fields[i]);
    }
    return ticks * MICROS_PER_TICK;
  }

  /**
   * The fields from the manual's third on. The second is a name in parentheses that may hold spaces
   * and parentheses of its own.
   */
  private static String[] fields(String stat) {
    String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" +", -1);
    if (stat.indexOf('(') < 0 || fields.length <= 17 - STATE) {
      throw new IllegalArgumentException("not a line of /proc/<pid>/stat");
    }
    return fields;
  }

  private static String line(String status, String name) {
    return status
        .lines()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(name.length()).strip())
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no " + name + " in /proc/<pid>/status"));
  }

  private static String read(long pid, String file) {
    try {
      return Files.readString(PROC.resolve(Long.toString(pid)).resolve(file));
    } catch (IOException e) {
      throw BenchFailure.of("process " + pid + " is gone: " + e.getMessage());
    }
  }
}
