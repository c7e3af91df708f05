package io.portcullis.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Defaults, and every key in its place. */
class NodeConfigTest {
  @Test
  void read_nothing_givesDefaults() {
    assertEquals(
        new NodeConfig("node-1", "production", Path.of(".portcullis/node")),
        Samples.section("", NodeConfig::read));
  }

  @Test
  void read_everyKey_landsInItsPlace() {
    assertEquals(
        new NodeConfig("gate-7.eu", "staging", Path.of("/var/lib/portcullis")),
        Samples.full(
            """
            name: gate-7.eu
            environment: staging
            state: /var/lib/portcullis
            """,
            NodeConfig::read));
  }
}
