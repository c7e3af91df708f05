package io.portcullis.config;

import static io.portcullis.config.TextForms.path;
import static io.portcullis.config.TextForms.text;

import java.nio.file.Path;

/**
 * This node.
 *
 * @param name unique among the nodes of a cluster; names the node in logs and in the audit trail
 * @param environment {@code production}, {@code staging}, {@code development} …; labels logs
 * @param state folder for what the node keeps on disk (the audit journal)
 */
public record NodeConfig(String name, String environment, Path state) {

  static NodeConfig read(Section node) {
    return new NodeConfig(
        node.value(
            "name",
            text("[A-Za-z0-9][A-Za-z0-9._-]{0,62}", "a name of letters, digits, ., _ and -", "n1"),
            "node-1",
            "unique among the nodes of a cluster; names the node in logs and in the audit trail"),
        node.value(
            "environment",
            text("[a-z][a-z0-9-]{0,30}", "a name of a-z, 0-9 and -", "staging"),
            "production",
            "`production`, `staging`, `development` …; labels logs"),
        node.value(
            "state",
            path(),
            ".portcullis/node",
            "folder for what the node keeps on disk (the audit journal)"));
  }
}
