package io.portcullis.redis;

import java.time.Instant;

/**
 * Whether Redis can be used, kept right by a PING in the background when there is no traffic.
 *
 * @param up whether every lane has a connection and a closed breaker
 * @param since when it became so
 * @param lastError the code of the last failure ({@code timeout}, {@code connection-refused},
 *     {@code WRONGPASS} …); empty when there was none. It stays after recovery
 */
public record RedisStatus(boolean up, Instant since, String lastError) {}
