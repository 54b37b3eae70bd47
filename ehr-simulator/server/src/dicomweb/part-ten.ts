import { data } from 'dcmjs'
import { uidOf } from '#src/seed/uid.ts'
import type { HeldInstance } from './archive.ts'
import { attributesOf } from './attributes.ts'

/** Explicit VR little endian: pixels stand in the file as they stand in memory. */
export const TRANSFER_SYNTAX = '1.2.840.10008.1.2.1'
/** Names the software that wrote a file, as PS3.10 §7.1 asks. */
const IMPLEMENTATION_UID = uidOf('uthopp imaging archive')

/** An image as a DICOM file (PS3.10). */
export function fileOf(instance: HeldInstance, pixels: Int16Array<ArrayBuffer>): ArrayBuffer {
  const attributes = attributesOf(instance)
  const dictionary = new data.DicomDict(
    data.DicomMetaDictionary.denaturalizeDataset({
      FileMetaInformationVersion: new Uint8Array([0, 1]).buffer,
      MediaStorageSOPClassUID: attributes['SOPClassUID'],
      MediaStorageSOPInstanceUID: instance.instanceUid,
      TransferSyntaxUID: TRANSFER_SYNTAX,
      ImplementationClassUID: IMPLEMENTATION_UID,
      ImplementationVersionName: 'UTHOPP1',
      _vrMap: {},
    }),
  )
  dictionary.dict = data.DicomMetaDictionary.denaturalizeDataset({
    ...attributes,
    PixelData: pixels.buffer,
    // The dictionary says OB or OW; sixteen bits allocated means OW (PS3.5 §8.2).
    _vrMap: { PixelData: 'OW' },
  })
  return dictionary.write()
}
