package io.portcullis.bench;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The node under test: {@code serve} as a process of its own, with the flags that the launcher gave
 * this one.
 *
 * @param process the node
 * @param address its public listener
 * @param start how it came up
 */
record Gateway(Child process, URI address, Start start) {
  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(10);
  private static final Duration IDLE = Duration.ofSeconds(5);

  /**
   * How it came up.
   *
   * @param readyMillis from its start until its health said ready
   * @param readyCpuMicros the CPU time that this took it; unlike the time, busy neighbours hardly
   *     change it
   * @param idleBytes its resident memory some seconds later, before any request
   */
  record Start(long readyMillis, long readyCpuMicros, long idleBytes) {}

  /**
   * Starts it and waits until it is ready and idle.
   *
   * @param command the program with its flags, up to {@code serve}
   */
  static Gateway start(
      List<String> command,
      Path configuration,
      Map<String, String> environment,
      Path log,
      Workbench bench,
      Web web) {
    List<String> whole = new ArrayList<>(command);
    whole.addAll(List.of("serve", "--config", configuration.toString()));
    URI address = address(environment, "PORTCULLIS_HTTP_PORT");
    URI health = address(environment, "PORTCULLIS_MANAGEMENT_PORT").resolve("/health/ready");
    long began = System.nanoTime();
    Child node = bench.keep(Child.start("gateway", whole, environment, log));
    node.await(START_LIMIT, POLL, () -> web.serves(health));
    long readyMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
    long readyCpuMicros = ProcessStat.cpuMicros(node.pid());
    LockSupport.parkNanos(IDLE.toNanos());
    long idleBytes = ProcessStat.residentBytes(node.pid());
    return new Gateway(node, address, new Start(readyMillis, readyCpuMicros, idleBytes));
  }

  private static URI address(Map<String, String> environment, String port) {
    return URI.create("http://127.0.0.1:" + environment.get(port));
  }
}
