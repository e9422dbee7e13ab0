"""Documents as other programs write them: read, changed and left as they are."""

import pytest

from autohdr.sidecar import Document, merge
from autohdr.sidecar.xmp.properties import CRS, RDF, XMP

META = 'xmlns:x="adobe:ns:meta/"'
PROGRAMS = {
    "Camera Raw": f"""<x:xmpmeta {META} x:xmptk="Adobe XMP Core 7.0-c000 1.000000, 0000/00/00-00:00:00        ">
 <rdf:RDF xmlns:rdf="{RDF}">
  <rdf:Description rdf:about=""
    xmlns:xmp="{XMP}"
    xmlns:crs="{CRS}"
   xmp:Label="Blå"
   crs:Exposure2012="+0.50"
   crs:Shadows2012="+12">
   <crs:Look>
    <rdf:Description
     crs:Name="Adobe Color">
    <crs:Parameters>
     <rdf:Description
      crs:Exposure2012="-1.00"/>
    </crs:Parameters>
    </rdf:Description>
   </crs:Look>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
""",
    "Bridge": f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta {META} x:xmptk="Adobe XMP Core 5.3-c011 66.145661, 2012/02/06-14:56:27        ">
   <rdf:RDF xmlns:rdf="{RDF}">
      <rdf:Description rdf:about=""
            xmlns:xmp="{XMP}">
         <xmp:Label>Blå</xmp:Label>
      </rdf:Description>
      <rdf:Description rdf:about=""
            xmlns:crs="{CRS}">
         <crs:Exposure2012>+0.50</crs:Exposure2012>
         <crs:Shadows2012>+12</crs:Shadows2012>
      </rdf:Description>
   </rdf:RDF>
</x:xmpmeta>
{(" " * 100 + chr(10)) * 20}<?xpacket end="w"?>""",
    "exiftool": f"""<?xpacket begin='\ufeff' id='W5M0MpCehiHzreSzNTczkc9d'?>
<x:xmpmeta xmlns:x='adobe:ns:meta/' x:xmptk='Image::ExifTool 12.76'>
<rdf:RDF xmlns:rdf='{RDF}'>

 <rdf:Description rdf:about='uuid:faf5bdd5-ba3d-11da-ad31-d33d75182f1b'
  xmlns:crs='{CRS}'>
  <crs:Exposure2012>+0.50</crs:Exposure2012>
  <crs:Shadows2012>12</crs:Shadows2012>
 </rdf:Description>

 <rdf:Description rdf:about=''
  xmlns:xmp='{XMP}'>
  <xmp:Label>Blå</xmp:Label>
 </rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end='w'?>""",
    "darktable": f"""<?xml version="1.0" encoding="UTF-8"?>
<x:xmpmeta {META} x:xmptk="XMP Core 4.4.0-Exiv2">
 <rdf:RDF xmlns:rdf="{RDF}">
  <rdf:Description rdf:about=""
    xmlns:xmp="{XMP}" xmlns:darktable="http://darktable.sf.net/" xmlns:crs="{CRS}"
   xmp:Label="Blå" crs:Exposure2012="0.500000" crs:Shadows2012="12" darktable:xmp_version="5">
   <darktable:history><rdf:Seq><rdf:li darktable:num="0" darktable:params="gz14eJxjYGBg"/></rdf:Seq></darktable:history>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
""",
    "digiKam": f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta {META} x:xmptk="XMP Core 4.4.0-Exiv2"> <rdf:RDF xmlns:rdf="{RDF}">
<rdf:Description rdf:about="" xmlns:digiKam="http://www.digikam.org/ns/1.0/" xmlns:c="{CRS}" xmlns:xap="{XMP}"
 digiKam:PickLabel="0" c:Exposure2012="+0.50" xap:Label="Bl&#229;"> <digiKam:TagsList> <rdf:Seq>
<rdf:li>Zürich/See</rdf:li> </rdf:Seq> </digiKam:TagsList> <c:Shadows2012>+12</c:Shadows2012> </rdf:Description>
</rdf:RDF> </x:xmpmeta><?xpacket end="w"?>""",
    "Capture One": f"""<?xml version="1.0"?>
<x:xmpmeta {META} x:xmptk="XMP Core 5.5.0">
   <rdf:RDF xmlns:rdf="{RDF}">
      <rdf:Description rdf:about="" xmlns:crs="{CRS}"><crs:Exposure2012>+0.50</crs:Exposure2012></rdf:Description>
      <rdf:Description rdf:about="" xmlns:crs="{CRS}" crs:Shadows2012="+12"/>
      <rdf:Description rdf:about="" xmlns:lightroom="http://ns.adobe.com/lightroom/1.0/" xmlns:xmp="{XMP}">
         <lightroom:ColorLabels xml:lang="x-default">5</lightroom:ColorLabels><xmp:Label>Blå</xmp:Label>
      </rdf:Description>
   </rdf:RDF>
</x:xmpmeta>""",
    "a library without prefixes": f"""<!-- a --><?b c?><RDF xmlns="{RDF}"><!-- d --><Description about="">
<Exposure2012 xmlns="{CRS}">+0.50</Exposure2012><Shadows2012 xmlns="{CRS}">+12</Shadows2012>
<Label xmlns="{XMP}">Bl<!-- e -->å</Label></Description></RDF><!-- f -->""",
}
"""In the manner of each program: its wrapper, quotes, indentation, prefixes and forms."""
CODECS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("codec", CODECS)
def test_what_each_program_writes_is_read(program: str, newline: str, codec: str) -> None:
    document = Document.parse(PROGRAMS[program].replace("\n", newline).encode(codec))
    assert document.values() == {"Exposure2012": 0.5, "Shadows2012": 12.0}
    assert document.get("Label", XMP) == "Blå"


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_document_without_our_keys_has_none(program: str) -> None:
    empty = Document.parse(PROGRAMS[program].replace("Exposure2012", "Else").replace("Shadows2012", "Other").encode())
    assert empty.values() == {}
    assert empty.get("Exposure2012") is None
    assert not empty.has("Exposure2012")


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("codec", CODECS)
def test_one_value_is_all_that_changes(program: str, newline: str, codec: str) -> None:
    text = PROGRAMS[program].replace("\n", newline)
    merged = merge(text.encode(codec), {f"{{{CRS}}}Shadows2012": "-7"})
    place = text.index("12", text.index("Shadows2012") + len("Shadows2012"))
    begin = place - (text[place - 1] == "+")
    assert merged == (text[:begin] + "-7" + text[place + 2 :]).encode(codec)


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("codec", CODECS)
def test_one_attribute_is_all_that_is_put_in(program: str, codec: str) -> None:
    text = PROGRAMS[program]
    merged = merge(text.encode(codec), {f"{{{CRS}}}Vibrance": "+7"}).decode(codec)
    begin = next(index for index, (one, other) in enumerate(zip(text, merged, strict=False)) if one != other)
    length = len(merged) - len(text)
    assert merged[:begin] + merged[begin + length :] == text
    assert 'Vibrance="+7"' in merged[begin - 20 : begin + length + 20]
    assert Document.parse(merged.encode(codec)).values() == {"Exposure2012": 0.5, "Shadows2012": 12.0, "Vibrance": 7.0}
