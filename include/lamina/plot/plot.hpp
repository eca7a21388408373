#pragma once

/// Pictures of training and of networks, drawn by gnuplot: see `Picture` for what is written.

#include <lamina/plot/confusion.hpp>
#include <lamina/plot/curves.hpp>
#include <lamina/plot/decision_boundary.hpp>
#include <lamina/plot/feature_maps.hpp>
#include <lamina/plot/histograms.hpp>
#include <lamina/plot/images.hpp>
#include <lamina/plot/model_histograms.hpp>
#include <lamina/plot/picture.hpp>
