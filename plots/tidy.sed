# SPDX-License-Identifier: MIT
# For sed -zE on gnuplot's SVG: takes out labels without text and groups
# without content, which are half of some figures' bytes, and what SVG assumes
# anyway, and shortens colours.
:again
s/[\t ]*<g [^>]*>\n[\t ]*<text><\/text>\n[\t ]*<\/g>\n//g
s/[\t ]*<g [^>]*>\n[\t ]*<\/g>\n//g
t again
s/rgb\( *([0-9]+), *([0-9]+), *([0-9]+)\)/rgb(\1,\2,\3)/g
s/ stroke-linecap="butt" stroke-linejoin="miter"//g
