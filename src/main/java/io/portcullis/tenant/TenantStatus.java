package io.portcullis.tenant;

import java.time.Duration;
import java.util.Optional;

/**
 * How the registry and its database are, for the health listener.
 *
 * @param loaded whether the tenants were ever read; without them no request can be served
 * @param reachable whether PostgreSQL answered the last question, which is asked all the time
 * @param listening whether changes arrive at once, or only with the next question
 * @param tenants how many tenants are known
 * @param age since the last answer; empty when there was none
 */
public record TenantStatus(
    boolean loaded, boolean reachable, boolean listening, int tenants, Optional<Duration> age) {}
