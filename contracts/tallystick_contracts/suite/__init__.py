"""The laws as pytest modules: ``pytest --pyargs tallystick_contracts.suite --tallystick-spec ...``."""
