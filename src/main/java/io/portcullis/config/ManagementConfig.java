package io.portcullis.config;

/**
 * The management listener: health and metrics. Never reachable from outside.
 *
 * @param host address to bind
 * @param port port to bind; 0 picks a free one
 */
public record ManagementConfig(String host, int port) {}
