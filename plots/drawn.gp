# SPDX-License-Identifier: MIT
# Loaded after a panel: what stands around the panels is written once.
do for [i = 101:129] { unset label i }
