package io.portcullis.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * Who works on which core. With two or more, the servers under test share the first and the load
 * and the upstream the last, so that no side's cost depends on who happens to sit beside it. With
 * one, everybody shares it.
 *
 * @param allowed the cores that this process may use
 */
record Cores(List<Integer> allowed) {

  static Cores ofThisMachine() {
    return new Cores(parse(ProcessStat.allowedCores()));
  }

  /** A list as the kernel writes it, e.g. {@code 0-3,8}. */
  static List<Integer> parse(String list) {
    List<Integer> cores = new ArrayList<>();
    for (String range : list.strip().split(",", -1)) {
      String[] ends = range.split("-", 2);
      int last = Integer.parseInt(ends[ends.length - 1]);
      for (int core = Integer.parseInt(ends[0]); core <= last; core++) {
        cores.add(core);
      }
    }
    return List.copyOf(cores);
  }

  boolean separate() {
    return allowed.size() >= 2;
  }

  /** Moves a running process and all its threads to the core of the servers under test. */
  void pinServer(Tools tools, long pid) {
    pin(tools, pid, allowed.getFirst());
  }

  /** Moves a running process to the core of the load. */
  void pinLoad(Tools tools, long pid) {
    pin(tools, pid, allowed.getLast());
  }

  /** What stands before the command of the load. */
  List<String> loadPrefix(Tools tools) {
    String core = Integer.toString(allowed.getLast());
    return separate() ? List.of(tools.taskset().toString(), "-c", core) : List.of();
  }

  private void pin(Tools tools, long pid, int core) {
    if (separate()) {
      Tools.output(List.of(tools.taskset().toString(), "-acp", "" + core, Long.toString(pid)));
    }
  }
}
