/**
 * Requests to the management port that are nobody's error but their caller's. Begin with
 * {@link io.middleware.starter.web.RequestErrors}.
 */
@NullMarked
package io.middleware.starter.web;

import org.jspecify.annotations.NullMarked;
