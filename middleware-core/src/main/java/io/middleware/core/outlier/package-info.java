/**
 * Takes instances out of the choice by what attempts saw of them, and lets them back.
 *
 * <p>Begin with {@link OutlierDetector}, whose Javadoc lists when an instance is ejected and when it is back.
 * {@code FailureRate} counts an instance's own failures, {@link SuccessRateOutliers} compares it with its peers, and
 * {@code Ejections} carries out what is decided. {@code HealthCheck} pings an instance, {@link Probes} pings the ejected
 * ones again and again. {@link Pauses} excuses silence that this process caused itself.
 */
@NullMarked
package io.middleware.core.outlier;

import org.jspecify.annotations.NullMarked;
