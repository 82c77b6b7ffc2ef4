#!/usr/bin/env Rscript
# SPDX-License-Identifier: GPL-3.0-or-later
# plot.R RESULTS.h5 OUT.png|OUT.pdf [ELEMENT...]: what the users hold and wait for, as tools/plot.py draws it of one
# file: the median, and the bands in which half and nine tenths of the replications lie; of a single run a line.
# Elements that nobody asks for are left out. With --data for OUT it prints the numbers as CSV instead.

first <- c("Nd", "Pr", "Dy", "Tb", "Sm", "Gd", "Y")
colour <- "#0072B2"
quiet <- "#666666"
series <- c("held by the users" = "users_stock", "not yet shipped" = "users_backlog")
levels <- c(0.05, 0.25, 0.5, 0.75, 0.95)
width <- 10.4 # inches
dots <- 120 # an inch
points <- 9 # of the letters
label <- 1.8 # lines of text that the left-most panels have more than the others, for what their axes say

fail <- function(...) {
  cat("plot.R: ", ..., "\n", sep = "", file = stderr())
  quit(status = 2)
}

# ------------------------------------------------------------------ what the file says

# The dimensions of an array come in reverse: time, element, quantile, scenario.
read_results <- function(path) {
  if (!file.exists(path)) fail(path, ": no such file")
  signature <- if (dir.exists(path)) raw(0) else readBin(path, "raw", 8)
  if (!identical(signature, as.raw(c(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a)))) {
    fail(path, ": not a results file of monazite")
  }
  file <- ncdf4::nc_open(path)
  on.exit(ncdf4::nc_close(file))
  attribute <- function(name, of = 0) ncdf4::ncatt_get(file, of, name)$value
  get <- function(name) ncdf4::ncvar_get(file, name, collapse_degen = FALSE)
  if (identical(attribute("format_version"), 0)) fail(path, ": not a results file of monazite")
  bands <- paste0("summary/", series, "_quantiles")
  missing <- setdiff(bands, names(file$var))
  if (length(missing) > 0) fail(path, ": no ", missing[1], ": written with --bands=none?")

  whole <- get("status")[1, ] == 0
  if (!any(whole)) fail(path, ": every replication failed")
  elements <- as.vector(get("element"))
  demanded <- rowMeans(matrix(get("demanded")[, 1, whole], nrow = length(elements)))
  asked_for <- elements[demanded > 0]
  rank <- match(asked_for, first, nomatch = length(first) + 1)
  start <- sub("^days since ", "", attribute("units", "time"))
  list(
    path = path, title = attribute("title"), replications = sum(whole),
    from = day(attribute("time_coverage_start")), until = day(attribute("time_coverage_end")),
    time = day(start) + 86400 * as.vector(get("time")),
    quantile = as.vector(get("summary/quantile")), element = elements, asked_for = asked_for[order(rank)],
    bands = setNames(lapply(bands, get), series)
  )
}

day <- function(text) as.POSIXct(text, tz = "UTC")

shown_levels <- function(results) if (results$replications == 1) 0.5 else levels

# A matrix of a series of one element: a row a date, a column a level.
fan <- function(results, name, element) {
  at <- match(element, results$element)
  column <- vapply(shown_levels(results), function(p) which.min(abs(results$quantile - p)), 1L)
  matrix(results$bands[[name]][, at, column, 1], ncol = length(column))
}

print_data <- function(results, elements) {
  cat("series,element,statistic,date,value\n")
  for (name in series) {
    for (element in elements) {
      values <- fan(results, name, element)
      for (j in seq_along(shown_levels(results))) {
        cat(sprintf("%s,%s,q%02.0f,%s,%.9g\n", name, element, 100 * shown_levels(results)[j],
                    format(results$time, "%Y-%m-%dT%H:%M:%S"), values[, j]), sep = "")
      }
    }
  }
}

# ------------------------------------------------------------------ how it is drawn

draw_head <- function(results) {
  runs <- if (results$replications == 1) "a single run" else paste(results$replications, "replications")
  par(mar = c(0, 1.2, 0, 0))
  plot.new()
  plot.window(c(0, 1), c(0, 1), xaxs = "i", yaxs = "i")
  text(0, 0.84, "What the users hold, and what they wait for", adj = 0, cex = 1.45, font = 2)
  text(0, 0.52, paste(results$title, runs, sep = " \u00b7 "), adj = 0, col = quiet)
  if (results$replications > 1) draw_legend(0.22)
}

draw_legend <- function(y) {
  words <- c("median", "half of the replications (25 to 75 %)", "nine tenths of them (5 to 95 %)")
  shade <- c(NA, 0.5, 0.22)
  x <- 0
  for (i in seq_along(words)) {
    if (is.na(shade[i])) {
      segments(x, y, x + 0.035, y, col = colour, lwd = 1.8)
    } else {
      rect(x, y - 0.06, x + 0.035, y + 0.06, col = adjustcolor(colour, shade[i]), border = NA)
    }
    text(x + 0.043, y, words[i], adj = 0)
    x <- x + 0.07 + strwidth(words[i])
  }
}

band <- function(time, low, high, strength) {
  polygon(c(time, rev(time)), c(low, rev(high)), col = adjustcolor(colour, strength), border = NA)
}

# A panel of one series of one element; the left-most one names what it shows.
draw_panel <- function(results, name, element, left_most) {
  upper <- name == series[1]
  values <- fan(results, name, element)
  top <- max(values, 0, na.rm = TRUE)
  left <- if (left_most) 5.4 else 5.4 - label
  par(mar = if (upper) c(0.5, left, 2.2, 1.4) else c(2.6, left, 0.5, 1.4), mgp = c(2.6, 0.5, 0), las = 1,
      cex.axis = 0.9)
  plot(c(results$from, results$until), c(0, if (top > 0) 1.06 * top else 1), type = "n", axes = FALSE, xaxs = "i",
       yaxs = "i", xlab = "", ylab = "")
  ticks <- if (top > 0) pretty(c(0, top), 3) else 0
  if (top > 0) abline(h = ticks, col = "#dddddd")
  time <- results$time
  if (ncol(values) > 1) {
    band(time, values[, 1], values[, 5], 0.22)
    band(time, values[, 2], values[, 4], 0.35)
  }
  lines(time, values[, (ncol(values) + 1) / 2], col = colour, lwd = if (length(time) < 500) 1.8 else 0.8)
  box(bty = "l")
  axis(2, at = ticks, labels = format(ticks, trim = TRUE, scientific = FALSE), lwd = 0, lwd.ticks = 1, tcl = -0.25)
  axis.POSIXct(1, results$time, lwd = 0, lwd.ticks = 1, tcl = -0.25, gap.axis = 0.25, labels = !upper)
  if (top == 0) {
    words <- if (results$replications == 1) "none" else "at each date none in 95 %\nof the replications"
    text(mean(c(results$from, results$until)), 0.5, words, col = quiet, cex = 0.9)
  }
  if (upper) mtext(element, side = 3, line = 0.4, adj = 0, font = 2, cex = 1.15)
  if (left_most) {
    mtext(c(names(series)[series == name], "(t of oxide)"), side = 2, line = c(4.1, 3.2), las = 0, cex = 0.85)
  }
}

# The head over all columns, then for each line of elements a row of stocks and a row of what is owed.
draw <- function(results, elements, out) {
  n <- length(elements)
  columns <- if (n <= 4) n else if (n %in% c(5, 6, 9)) 3 else 4
  lines <- ceiling(n / columns)
  heights <- c(0.9, rep(c(1.85, 1.25), lines))
  if (grepl("\\.png$", out)) {
    png(out, width * dots, sum(heights) * dots, res = dots, pointsize = points)
  } else {
    pdf(out, width, sum(heights), pointsize = points)
  }
  places <- matrix(0, 2 * lines, columns)
  for (i in seq_len(n)) {
    row <- 2 * ((i - 1) %/% columns) + 1
    places[row + 0:1, (i - 1) %% columns + 1] <- 2 * i + 0:1
  }
  extra <- label * 1.2 * points / 72
  layout(rbind(1, places), heights = heights, widths = (width - extra) / columns + c(extra, rep(0, columns - 1)))
  par(cex = 1)
  draw_head(results)
  for (i in seq_len(n)) {
    for (name in series) draw_panel(results, name, elements[i], (i - 1) %% columns == 0)
  }
  invisible(dev.off())
  cat(sprintf("%s: fan, %d x %d\n", out, as.integer(width * dots), as.integer(sum(heights) * dots)))
}

main <- function(arguments) {
  if (length(arguments) < 2 || arguments[1] %in% c("-h", "--help")) {
    fail("usage: tools/plot.R RESULTS.h5 OUT.png|OUT.pdf|--data [ELEMENT...]")
  }
  if (!requireNamespace("ncdf4", quietly = TRUE)) fail("R has no ncdf4 (Debian: r-cran-ncdf4)")
  out <- arguments[2]
  if (out != "--data" && !grepl("\\.(png|pdf)$", out)) fail(out, ": pictures are .png or .pdf")
  results <- read_results(arguments[1])
  elements <- if (length(arguments) > 2) arguments[-(1:2)] else results$asked_for
  if (length(elements) == 0) fail(results$path, ": nobody asks for any element in it")
  for (element in setdiff(elements, results$asked_for)) {
    fail("nobody asks for \"", element, "\"; the users ask for ", paste(results$asked_for, collapse = ", "))
  }
  if (out == "--data") {
    print_data(results, elements)
  } else {
    tryCatch(draw(results, elements, out), error = function(e) fail(out, ": ", conditionMessage(e)))
  }
}

main(commandArgs(trailingOnly = TRUE))
