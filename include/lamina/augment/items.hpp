#pragma once

/// All items of `Augment` lists.

#include <lamina/augment/items/choices.hpp>
#include <lamina/augment/items/classes.hpp>
#include <lamina/augment/items/colors.hpp>
#include <lamina/augment/items/crops.hpp>
#include <lamina/augment/items/filters.hpp>
#include <lamina/augment/items/masks.hpp>
#include <lamina/augment/items/moves.hpp>
#include <lamina/augment/items/rand_augment.hpp>
#include <lamina/augment/items/regions.hpp>
#include <lamina/augment/items/sounds.hpp>
