package io.middleware.chaos.matrix;

/** What there is to say of a fault. */
sealed interface Row permits Result, NotRun {
    Fault fault();
}
