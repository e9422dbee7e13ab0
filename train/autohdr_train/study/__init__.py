"""The study: ways to learn a photographer's edits, compared at equal optimiser steps over photographers and draws."""
