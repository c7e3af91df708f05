/**
 * The way of the logs: pipelines, templates and saved objects of {@code docker/}, tried and
 * compared.
 */
@NullMarked
package io.portcullis.logs;

import org.jspecify.annotations.NullMarked;
