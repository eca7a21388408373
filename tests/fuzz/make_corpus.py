"""Writes corpus/<name>/: the little files, good and bad, from which fuzzing starts.

    python make_corpus.py
    python make_corpus.py checkpoint FILE...

The second adds checkpoints that fuzz_checkpoint has left behind (`touch none; LAMINA_FUZZ_DIRECTORY=run
fuzz_checkpoint none`), without their checksums: few changes of a file that has them get any further.
"""

import gzip
import json
import pathlib
import shutil
import sys

HERE = pathlib.Path(__file__).parent
GOLDEN = HERE.parent / "golden"

CSV = {
    "classes": b"a,b,kind\n1,2,wolf\n3,4,ant\n",
    "floats": b"1;2,5;3\n-1e-3,.5,+7.\n",
    "quotes": b'\xef\xbb\xbf"a ""b""",c\r\n" 1\n",2\r\n',
    "missing": b"x,y,z\n,NA,1\n?,nan,2\nnull,NaN,3\n",
    "open": b'a,b\n1,"2\n3,4\n',
    "ragged": b"a,b\n1\n2,3,4\n",
    "ends": b"inf,1e400\r\r\n\n\n-inf,1e-400\r",
    "zeros": b"a\0b,c\n1,2\n",
    "header": b"a,b\n",
    "empty": b"",
    "gzip": gzip.compress(b"a,b\n1,0.5\n", mtime=0),
}


def npy(header, values=b"", version=1):
    length = len(header).to_bytes(2 if version == 1 else 4, "little")
    return b"\x93NUMPY" + bytes([version, 0]) + length + header + values


NPY = {
    "huge": npy(b"{'descr': '<f8', 'fortran_order': False, 'shape': (1152921504606846975,), }"),
    "overflow": npy(b"{'descr': '>f2', 'fortran_order': True, 'shape': (4294967296, 4294967296), }"),
    "nothing": npy(b"{'descr': '|b1', 'fortran_order': True, 'shape': (0, 3), }"),
    "long_header": npy(b"", version=3)[:8] + b"\xff\xff\xff\xff",
    "fortran": npy(b"{'descr': '>i2', 'fortran_order': True, 'shape': (2, 3), }", bytes(range(12))),
    "quotes": npy(b'{"descr":"|u1","shape":(2,),"fortran_order":False}', b"\1\2"),
    "list": npy(b"{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", bytes(4)),
}


def big(*numbers):
    return b"".join(number.to_bytes(4, "big") for number in numbers)


def idx(labels, images):
    return bytes([len(labels)]) + labels + images


LABELS = big(0x801, 2) + b"\1\0"
IDX = {
    "pair": idx(LABELS, big(0x803, 2, 2, 2) + bytes(8)),
    "gzip": idx(gzip.compress(LABELS, mtime=0), gzip.compress(big(0x803, 2, 1, 1) + b"\1\2", mtime=0)),
    "huge": idx(LABELS, big(0x803, 2, 0xffffffff, 0xffffffff)),
    "many": idx(big(0x801, 0xffffffff) + b"\1", big(0x803, 0xffffffff, 1, 1) + b"\1"),
    "none": idx(big(0x801, 0), big(0x803, 0, 1, 1)),
}


def tensors(header, values=b"", length=None):
    return (len(header) if length is None else length).to_bytes(8, "little") + header + values


SAFETENSORS = {
    "small": tensors(b'{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}', bytes(8)),
    "integer": tensors(b'{"a":{"dtype":"I64","shape":[],"data_offsets":[0,8]}}', bytes(8)),
    "none": tensors(b"{}"),
    "long_header": tensors(b"{}", length=2**63),
    "overlap": tensors(b'{"a":{"dtype":"F16","shape":[1],"data_offsets":[0,2]},'
                       b'"b":{"dtype":"BF16","shape":[1],"data_offsets":[1,3]}}', bytes(3)),
    "overflow": tensors(b'{"a":{"dtype":"F64","shape":[4294967296,4294967296],"data_offsets":[0,0]}}'),
    "deep": tensors(b'{"a":' + b"[" * 200 + b"]" * 200 + b"}"),
}


def configuration(description=None, **fields):
    known = {"data": "moons", "target": "", "task": "auto",
             "table": {"delimiter": ",", "header": "auto", "missing": "error"},
             "network": "linear", "network_source": "using Net = int;\n", "network_directory": "",
             "folder": {"height": 0, "width": 0, "channels": 0, "rate": 0, "length": 0},
             "augment": "Rotate<5>,\n Flip<Horizontal>",
             "optimizer": "adam", "schedule": "one-cycle", "learning_rate": 0.01, "epochs": 50,
             "batch_size": 32, "patience": 0, "validation": 0.2, "seed": 2**64 - 1, "threads": 0,
             "description": {"task": "classification", "samples": 4, "features": 2,
                             "shape": [2, 1, 1], "outputs": 2, "checksum": 2**32 - 1,
                             "feature_names": [], "class_names": [], "target_names": [], "target_means": [], "target_deviations": [],
                             "feature_fills": [], **(description or {})}}
    return json.dumps({**known, **fields}).encode()


CONFIGURATION = {
    "classes": configuration({"class_names": ["a\tb", "\u00e9"], "feature_names": ["p", "q"]}),
    "numbers": configuration({"task": "regression", "outputs": 1, "target_names": ["price"],
                              "target_means": [-1e300], "target_deviations": [1e-320]},
                             data="/houses.csv", target="price", task="regression"),
    "reconstruction": configuration({"task": "reconstruction", "target_means": [0, 1.5],
                                     "target_deviations": [1, 2]}, network="autoencoder"),
    "missing": configuration({"feature_fills": [0.5, 3.4e38]}, optimizer="Sgd{.momentum = 0.9F}",
                             table={"delimiter": "tab", "header": "yes", "missing": "median"},
                             network="Network<Input<2>,\n Linear<2>, CrossEntropy<>>"),
    "wrong": configuration(seed=-1, epochs=1e3, batch_size=True, data="\x1b", threads=2**31),
    "twice": b'{"data":"moons","data":"blobs"}',
    "deep": b'{"data":' + b"[" * 200,
    "long": b'{"' + b"x" * 3000 + b'":1}',
}


TEXT = {
    "lines": b"one two\r\n\n \t\nthr\xc3\xa9e\n\xf0\x9f\x98\x80",
    "table": b'review,kind\n"good, ""very""\nindeed",5\nbad,1\n',
    "latin": b"caf\xe9\n",
    "wide": "\ufeffab\n".encode("utf-16"),
    "gzip": gzip.compress(b"\xef\xbb\xbfa,b\nc,d\n", mtime=0),
}

SYNONYMS = {
    "wordnet": b"  1 A licence.\n00001740 03 n 03 quick_one 0 Fast 1 rapid 0 001 @ 00001000 n 0000 | quick\n"
               b"00001800 00 s 02 quick(p) 0 speedy 0 000 | of speed\n",
    "thesaurus": b"UTF-8\nquick|2\n(adj)|fast|slow (antonym)\n(noun)|rapid (similar term)|flesh\n",
}
VOCABULARY = {
    "good": "[PAD]\n[UNK]\n[MASK]\nthe\n\u00e9\n".encode(),
    "twice": b"[PAD]\n[UNK]\n[MASK]\na\r\na\r\n",
    "control": b"[PAD]\n[UNK]\n[MASK]\n\x1b[2J\n",
}


def main():
    for name, files in (("csv", CSV), ("npy", NPY), ("npz", {}), ("idx", IDX), ("png", {}), ("jpeg", {}), ("sound", {}), ("text", TEXT),
                        ("synonyms", SYNONYMS), ("vocabulary", VOCABULARY),
                        ("safetensors", SAFETENSORS), ("configuration", CONFIGURATION)):
        folder = HERE / "corpus" / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for file, content in files.items():
            (folder / file).write_bytes(content)
    for name in ("booleans", "extremes", "labels", "scalar", "text", "version_2"):
        shutil.copy(GOLDEN / "npy" / f"{name}.npy", HERE / "corpus" / "npy" / name)
    for name in ("two", "named", "one"):
        shutil.copy(GOLDEN / "npy" / f"{name}.npz", HERE / "corpus" / "npz" / name)
    for name, folder in (("png", "images"), ("jpg", "images"), ("wav", "sounds"), ("flac", "sounds"), ("ogg", "sounds")):
        for file in (GOLDEN / folder).glob(f"*.{name}"):
            if file.stat().st_size < 5000:
                corpus = {"png": "png", "jpg": "jpeg"}.get(name, "sound")
                shutil.copy(file, HERE / "corpus" / corpus / file.stem)
    # Said to be of arithmetic coding, which is refused by the header.
    gray = (GOLDEN / "images" / "gray.jpg").read_bytes()
    (HERE / "corpus" / "jpeg" / "arithmetic").write_bytes(gray.replace(b"\xff\xc0\0\x0b", b"\xff\xc9\0\x0b"))
    shutil.copy(GOLDEN / "python.safetensors", HERE / "corpus" / "safetensors" / "python")


def add_checkpoints(files):
    folder = HERE / "corpus" / "checkpoint"
    folder.mkdir(parents=True, exist_ok=True)
    for file in map(pathlib.Path, files):
        raw = file.read_bytes()
        length = int.from_bytes(raw[:8], "little")
        header = json.loads(raw[8:8 + length])
        del header["__metadata__"]
        text = json.dumps(header, separators=(",", ":")).encode()
        (folder / file.stem).write_bytes(tensors(text, raw[8 + length:]))


if __name__ == "__main__":
    if sys.argv[1:2] == ["checkpoint"]:
        add_checkpoints(sys.argv[2:])
    else:
        main()
