"""Loads a journal by Optuna itself and prints the study as JSON."""

import json
import sys
import warnings

import optuna

warnings.simplefilter("ignore")
optuna.logging.set_verbosity(optuna.logging.ERROR)
if hasattr(optuna.storages, "JournalFileStorage"):
    backend = optuna.storages.JournalFileStorage(sys.argv[1])
else:
    from optuna.storages.journal import JournalFileBackend

    backend = JournalFileBackend(sys.argv[1])
storage = optuna.storages.JournalStorage(backend)
(name,) = [s.study_name for s in storage.get_all_studies()]
study = optuna.load_study(study_name=name, storage=storage)
done = [t for t in study.trials if t.state == optuna.trial.TrialState.COMPLETE]
print(
    json.dumps(
        {
            "name": name,
            "direction": study.direction.name,
            "attributes": study.user_attrs,
            "best": study.best_trial.user_attrs["rouser:trial"] if done else None,
            "trials": [
                {
                    "number": t.number,
                    "state": t.state.name,
                    "value": None if t.values is None else repr(float(t.values[0])),
                    "params": t.params,
                    "distributions": {k: type(d).__name__ for k, d in t.distributions.items()},
                    "contained": all(
                        d._contains(d.to_internal_repr(t.params[k])) for k, d in t.distributions.items()
                    ),
                    "steps": {k: repr(float(v)) for k, v in t.intermediate_values.items()},
                    "attributes": t.user_attrs,
                }
                for t in study.trials
            ],
        }
    )
)
