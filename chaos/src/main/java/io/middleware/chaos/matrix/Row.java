package io.middleware.chaos.matrix;

/** A row of the report: what a fault did, or why it was not run. */
sealed interface Row permits Result, NotRun {
    Fault fault();
}
