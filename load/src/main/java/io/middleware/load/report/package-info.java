/**
 * Reports as one HTML file: timelines of calls and faults, figures and tables. Used by the load generator and by chaos.
 *
 * <p>Begin with {@code Report}, which is what a report says; {@code ReportPage} writes it down. {@code TimelineSvg} draws
 * a timeline: {@code Lanes} decides where, {@code Shapes} how, {@code Thinned} which calls. The file loads nothing and
 * runs no script. All its own words are in {@code texts.properties}, in English and Portuguese.
 */
@NullMarked
package io.middleware.load.report;

import org.jspecify.annotations.NullMarked;
