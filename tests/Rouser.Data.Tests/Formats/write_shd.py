# Writes a file in the schema of the Spiking Heidelberg Digits with h5py, which shares no code with our reader, reads it again with h5py, and prints
# what that found: a line a sample, the label and then unit:time, the time in whole µs, rounded down.
import sys
import h5py
import numpy as np

path, form, samples = sys.argv[1], sys.argv[2], int(sys.argv[3])
random = np.random.default_rng(7)
# Types of times, units and labels; how they lie in the file; what packs the labels: HDF5 packs no lists.
time, unit, label = {"wide": ("f4", "i8", "i4"), "double": ("f8", "u2", "u1"), "bigendian": (">f2", ">u2", ">u2")}.get(form, ("f2", "u2", "u2"))
lists = {"chunked": {"chunks": (min(5, samples),)}, "packed": {"chunks": (min(4, samples),)}, "wide": {"chunks": (min(16, samples),)}, "growing": {"chunks": (min(7, samples),), "maxshape": (None,)}}.get(form, {})
gzip = {"compression": "gzip", "shuffle": True, "fletcher32": True}
packed = {"packed": gzip, "wide": {"compression": "gzip", "compression_opts": 9}, "lzf": {"compression": "lzf"}}.get(form, {})
libver = {"latest": "latest", "v108": ("v108", "v108")}.get(form, "earliest")
with h5py.File(path, "w", libver=libver) as f:
    times = f.create_dataset("spikes/times", (samples,), dtype=h5py.vlen_dtype(np.dtype(time)), **lists)
    units = f.create_dataset("spikes/units", (samples,), dtype=h5py.vlen_dtype(np.dtype(unit)), **lists)
    f.create_dataset("labels", data=random.integers(0, 20, samples).astype(label), **lists, **packed)
    if form != "bare":
        f.create_dataset("extra/speaker", data=(np.arange(samples) % 12).astype("u2"))
    f.create_dataset("extra/keys", data=np.array([b"zero", b"null"]))
    f.create_dataset("extra/names", data=["null", "eins"], dtype=h5py.string_dtype())
    for key in ("age", "body_height", "gender", "speaker"):
        f.create_dataset(f"extra/meta_info/{key}", data=np.zeros(3, "u2"))
    f.attrs["made by"] = "a test"
    f["labels"].attrs["unit"] = np.arange(5.0)
    for i in range(samples):
        count = int(random.integers(0, 3000)) if i % 5 else 0
        times[i] = np.sort(random.random(count)).astype(time)
        units[i] = random.integers(0, 700, count).astype(unit)
with h5py.File(path) as f:
    for label, t, u in zip(f["labels"][:], f["spikes/times"][:], f["spikes/units"][:]):
        # A long double holds the product with its bits, so that only the rounding down is left.
        microseconds = np.floor(t.astype(np.longdouble) * 1_000_000).astype(np.int64)
        print(int(label), *[f"{a}:{b}" for a, b in zip(u.tolist(), microseconds.tolist())])
