/**
 * The only room that speaks HTTP to callers. May import every room right of it on the floor plan.
 */
@NullMarked
package io.portcullis.gateway;

import org.jspecify.annotations.NullMarked;
