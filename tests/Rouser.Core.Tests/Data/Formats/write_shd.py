# Writes a file in the schema of the Spiking Heidelberg Digits with h5py, which shares no code with our reader, and prints what it wrote:
# a line a sample, the label and then unit:time, the time as the bits of its float16.
import sys
import h5py
import numpy as np

path, form, samples = sys.argv[1], sys.argv[2], int(sys.argv[3])
random = np.random.default_rng(7)
chunks = {"plain": {}, "chunked": {"chunks": (5,)}, "packed": {"chunks": (4,)}, "latest": {}}[form]
# HDF5 packs no lists, so only the labels are.
packed = {"compression": "gzip", "shuffle": True, "fletcher32": True} if form == "packed" else {}
with h5py.File(path, "w", libver="latest" if form == "latest" else "earliest") as f:
    times = f.create_dataset("spikes/times", (samples,), dtype=h5py.vlen_dtype(np.dtype("float16")), **chunks)
    units = f.create_dataset("spikes/units", (samples,), dtype=h5py.vlen_dtype(np.dtype("uint16")), **chunks)
    labels = random.integers(0, 20, samples)
    f.create_dataset("labels", data=labels.astype("uint16"), **chunks, **packed)
    f.create_dataset("extra/speaker", data=np.zeros(samples, "uint16"))
    f.create_dataset("extra/keys", data=np.array([b"zero", b"null"]))
    f.create_dataset("extra/meta_info/age", data=np.zeros(3, "uint16"))
    f.attrs["made by"] = "a test"
    for i in range(samples):
        count = int(random.integers(0, 3000)) if i % 5 else 0
        t = np.sort(random.random(count)).astype("float16")
        u = random.integers(0, 700, count).astype("uint16")
        times[i], units[i] = t, u
        print(int(labels[i]), *[f"{a}:{b}" for a, b in zip(u.tolist(), t.view("uint16").tolist())])
