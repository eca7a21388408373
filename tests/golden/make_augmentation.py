#!/usr/bin/env python3
"""Writes augmentation.safetensors: images, masks, boxes and key points as torchvision, OpenCV and albumentations change them.

    pip install torch==2.13.0 torchvision==0.28.0 albumentations==2.0.8 albucore==0.0.24 opencv-python-headless safetensors numpy
    python tests/golden/make_augmentation.py

torchvision computes in float64. Each package is taken where it keeps to the conventions of `lamina::augment`:
torchvision weights a fill above 0 twice and turns key points about another middle, so those are OpenCV's and
albumentations'. OpenCV must be 5: version 4 rounds places to 1/32 pixel.
"""

import numpy as np
import torch

# A build of torchvision whose own kernels do not load needs these to be declared; no transform uses them.
_library = torch.library.Library("torchvision", "DEF")
for _name in ("nms", "qnms"):
    try:
        _library.define(f"{_name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    except RuntimeError:
        pass

import albumentations  # noqa: E402
import cv2  # noqa: E402
import torchvision  # noqa: E402
from torchvision.transforms import InterpolationMode  # noqa: E402
from torchvision.transforms.v2 import functional as F  # noqa: E402

from golden_storage import VERSIONS, float32_values, store  # noqa: E402

CHANNELS, HEIGHT, WIDTH = 3, 16, 13
BILINEAR, NEAREST = InterpolationMode.BILINEAR, InterpolationMode.NEAREST
ANGLES = (10, 33, 90, -120)
AFFINE = {"angle": 20.0, "translate": [1.5, -2.25], "scale": 1.25, "shear": [12.0, -7.0]}
START = [[0, 0], [12, 0], [12, 15], [0, 15]]
END = [[1.5, 2], [11, 0.5], [12.5, 13], [-1, 14.5]]

tensors = {}


def made():
    """Noise, the hardest image for places that are off; a mask of blocks; displacements of up to two pixels."""
    random = np.random.default_rng(12)
    image = float32_values(random.uniform(0, 1, (CHANNELS, HEIGHT, WIDTH)))
    mask = torch.from_numpy(random.integers(0, 5, (1, HEIGHT, WIDTH)))
    field = float32_values(random.uniform(-2, 2, (2, HEIGHT, WIDTH)))
    return image, mask, field


IMAGE, MASK, FIELD = made()
BOXES = np.array([[2, 3, 7, 9], [0, 0, 4, 3], [8, 10, 13, 16], [5, 1, 6, 15]], np.float32)
POINTS = np.array([[0, 0], [12, 15], [3, 7], [6.25, 2.5], [11, 1]], np.float32)


def affine_matrix(a):
    """torchvision's own map from output places to input places, relative to pixel centres."""
    from torchvision.transforms.functional import _get_inverse_affine_matrix
    middle = [(WIDTH - 1) / 2, (HEIGHT - 1) / 2]
    return np.array(_get_inverse_affine_matrix(middle, a["angle"], a["translate"], a["scale"], a["shear"])).reshape(2, 3)


def by_opencv(matrix, border, fill=0.0, interpolation=None):
    image = IMAGE.numpy().transpose(1, 2, 0).astype(np.float32)
    interpolation = cv2.INTER_LINEAR if interpolation is None else interpolation
    found = cv2.warpAffine(image, matrix, (WIDTH, HEIGHT), flags=interpolation | cv2.WARP_INVERSE_MAP,
                           borderMode=border, borderValue=(fill,) * 3)
    return torch.from_numpy(found.transpose(2, 0, 1).copy())


def whole_mask(change):
    return change(MASK.to(torch.uint8)).to(torch.int64)


def warps():
    for angle in ANGLES:
        tensors[f"rotation_{angle}"] = F.rotate(IMAGE, angle, interpolation=BILINEAR)
        if angle == 90:  # halves of pixels, as the height is even and the width is not
            continue
        tensors[f"rotation_{angle}.mask"] = whole_mask(lambda mask: F.rotate(mask, angle, interpolation=NEAREST))
    tensors["affine"] = F.affine(IMAGE, **AFFINE, interpolation=BILINEAR)
    tensors["affine.mask"] = whole_mask(lambda mask: F.affine(mask, **AFFINE, interpolation=NEAREST))
    matrix = affine_matrix(AFFINE)
    tensors["affine_fill"] = by_opencv(matrix, cv2.BORDER_CONSTANT, 0.7)
    tensors["affine_reflect"] = by_opencv(matrix, cv2.BORDER_REFLECT_101)
    tensors["affine_edge"] = by_opencv(matrix, cv2.BORDER_REPLICATE)
    far = affine_matrix({**AFFINE, "scale": 0.2})  # the image is seen many times over
    tensors["far_reflect"] = by_opencv(far, cv2.BORDER_REFLECT_101)
    # torchvision's corners are edges: half a pixel more than pixel centres.
    shifted = [[[x + 0.5, y + 0.5] for x, y in corners] for corners in (START, END)]
    tensors["perspective"] = F.perspective(IMAGE, *shifted, interpolation=BILINEAR)
    tensors["perspective.mask"] = whole_mask(lambda mask: F.perspective(mask, *shifted, interpolation=NEAREST))
    # Displacements in shares of half the image.
    shares = torch.stack([FIELD[0] * 2 / WIDTH, FIELD[1] * 2 / HEIGHT], dim=-1)[None]
    tensors["elastic"] = F.elastic(IMAGE, shares, interpolation=BILINEAR)
    tensors["elastic.mask"] = whole_mask(lambda mask: F.elastic(mask, shares.float(), interpolation=NEAREST))


def moves():
    tensors["horizontal_flip"] = F.horizontal_flip(IMAGE)
    tensors["vertical_flip"] = F.vertical_flip(IMAGE)
    tensors["crop"] = F.crop(IMAGE, 3, 2, 7, 9)
    for mode in ("constant", "reflect", "edge"):
        padded = F.pad(IMAGE, [4, 4, 4, 4], padding_mode=mode)
        tensors[f"crop_{mode}"] = F.crop(padded, 1, 6, HEIGHT, WIDTH)
    for height, width in ((9, 8), (23, 31)):
        size = [height, width]
        tensors[f"resize_{height}"] = F.resize(IMAGE, size, interpolation=BILINEAR, antialias=False)
        tensors[f"resize_{height}.mask"] = whole_mask(
            lambda mask: F.resize(mask, size, interpolation=InterpolationMode.NEAREST_EXACT))
    for size in ((5, 7), (23, 6)):
        tensors[f"smooth_{size[0]}"] = F.resize(IMAGE, size, interpolation=BILINEAR, antialias=True)
    tensors["resized_crop"] = F.resized_crop(IMAGE, 3, 2, 7, 9, [11, 12], interpolation=BILINEAR, antialias=False)
    image = IMAGE.numpy().transpose(1, 2, 0).astype(np.float32)
    center = albumentations.CenterCrop(height=9, width=6)(image=image)["image"]
    tensors["center_crop"] = torch.from_numpy(center.transpose(2, 0, 1).copy())


def labels():
    """Boxes and key points by albumentations: the box around the four corners, no clipping."""
    image = np.zeros((HEIGHT, WIDTH, 3), np.float32)
    changes = {
        "horizontal_flip": albumentations.HorizontalFlip(p=1),
        "vertical_flip": albumentations.VerticalFlip(p=1),
        "crop": albumentations.Crop(x_min=2, y_min=3, x_max=11, y_max=10, p=1),
        "rotation_10": albumentations.Rotate(limit=(10, 10), p=1),
        "rotation_90": albumentations.Rotate(limit=(90, 90), p=1),
        "resize_9": albumentations.Resize(height=9, width=8, p=1),
    }
    for name, change in changes.items():
        found = albumentations.Compose(
            [change],
            bbox_params=albumentations.BboxParams(format="pascal_voc", label_fields=["box_labels"], min_visibility=0.4),
            keypoint_params=albumentations.KeypointParams(format="xy", remove_invisible=False),
        )(image=image, bboxes=BOXES, box_labels=np.arange(len(BOXES)), keypoints=POINTS)
        tensors[f"{name}.boxes"] = torch.from_numpy(np.asarray(found["bboxes"], np.float32).reshape(-1, 4))
        tensors[f"{name}.box_labels"] = torch.tensor([int(label) for label in found["box_labels"]])
        if name == "resize_9":  # of key points it scales pixel centres as if they were edges
            continue
        tensors[f"{name}.points"] = torch.from_numpy(np.asarray(found["keypoints"], np.float32)[:, :2].copy())


def colors():
    for factor in (0.4, 1.7):
        tensors[f"brightness_{factor}"] = F.adjust_brightness(IMAGE, factor)
        tensors[f"contrast_{factor}"] = F.adjust_contrast(IMAGE, factor)
        tensors[f"saturation_{factor}"] = F.adjust_saturation(IMAGE, factor)
        tensors[f"sharpen_{factor}"] = F.adjust_sharpness(IMAGE, factor)
        tensors[f"gamma_{factor}"] = F.adjust_gamma(IMAGE, factor)
    tensors["contrast_gray"] = F.adjust_contrast(IMAGE[:1], 1.7)
    for shift in (0.1, -0.35, 0.5):
        tensors[f"hue_{shift}"] = F.adjust_hue(IMAGE, shift)
    tensors["grayscale"] = F.rgb_to_grayscale(IMAGE, num_output_channels=3)
    tensors["posterize_3"] = F.posterize(IMAGE, 3)
    tensors["solarize_0.4"] = F.solarize(IMAGE, 0.4)
    tensors["auto_contrast"] = F.autocontrast(0.5 * IMAGE + 0.2)
    for size, sigma in ((3, 0.8), (5, 1.0), (7, 1.5)):
        tensors[f"blur_{size}"] = F.gaussian_blur(IMAGE, [size, size], [sigma, sigma])


def main():
    warps()
    moves()
    labels()
    colors()
    tensors.update({"image": IMAGE, "mask": MASK, "field": FIELD})
    tensors.update({"boxes": torch.from_numpy(BOXES), "points": torch.from_numpy(POINTS)})
    VERSIONS["generator"] = "tests/golden/make_augmentation.py"
    store("augmentation", tensors, {"torchvision": torchvision.__version__.split("+")[0], "opencv": cv2.__version__,
                                    "albumentations": albumentations.__version__})


if __name__ == "__main__":
    main()
