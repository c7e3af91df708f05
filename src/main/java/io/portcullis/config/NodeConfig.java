package io.portcullis.config;

import java.nio.file.Path;

/**
 * This node.
 *
 * @param name unique among the nodes of a cluster; names the node in logs and in the audit trail
 * @param environment {@code production}, {@code staging}, {@code development} …; labels logs
 * @param state folder for what the node keeps on disk (the audit journal)
 */
public record NodeConfig(String name, String environment, Path state) {}
