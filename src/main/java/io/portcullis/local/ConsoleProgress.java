package io.portcullis.local;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The start on a terminal: one line for each part that is ready, and below them one that changes
 * and says what goes on. Where the output is no terminal, only lines that stay.
 */
public final class ConsoleProgress implements Progress {
  private static final String ERASE_LINE = "\r\u001b[K";

  private final PrintWriter out;
  private final boolean terminal;
  private final Map<String, String> working = new LinkedHashMap<>();

  /**
   * Progress for people.
   *
   * @param terminal whether lines can be changed
   */
  public ConsoleProgress(PrintWriter out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  @Override
  public synchronized void working(String name, String state) {
    working.put(name, state);
    if (terminal) {
      showWorking();
    } else if (!state.equals("starting")) {
      out.printf("  %-18s %s%n", name, state);
    }
    out.flush();
  }

  @Override
  public synchronized void ready(String name, long took, String where) {
    working.remove(name);
    if (terminal) {
      out.print(ERASE_LINE);
    }
    String seconds = String.format(Locale.ROOT, "%.1f s", took / 1000.0);
    out.printf("  %-18s ready  %7s   %s%n", name, seconds, where);
    if (terminal) {
      showWorking();
    }
    out.flush();
  }

  private void showWorking() {
    String line =
        working.entrySet().stream()
            .map(entry -> entry.getKey() + " " + entry.getValue())
            .collect(Collectors.joining(", "));
    out.print(ERASE_LINE + (line.isEmpty() ? "" : "  … " + line));
  }
}
