/**
 * Makes servers fail on purpose at the push of a button, where their settings allow that. Begin with {@link
 * io.middleware.gateway.dashboard.faults.FaultOrders}.
 */
@NullMarked
package io.middleware.gateway.dashboard.faults;

import org.jspecify.annotations.NullMarked;
