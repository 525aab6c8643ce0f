package io.middleware.core.call;

import io.middleware.core.Ticker;
import io.middleware.core.instance.Transport;
import io.middleware.core.outlier.OutlierDetector;

/** What all calls share. */
record CallDependencies(
        RetryPolicy policy, Transport transport, OutlierDetector outliers, Ticker ticker, int attempts) {}
