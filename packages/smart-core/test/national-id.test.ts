import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hasNationalId, plainDigits } from '#src/national-id.ts'

test('a national id is found however its digits are grouped', () => {
  for (const text of [
    'Ligner på 30888249520 Ola Eide',
    'Ligner på 308882 49520 Ola Eide',
    'Ligner på 308882-49520',
    'Ligner på 308882*49520',
    'Ligner på 308882 – 49520',
    'Ligner på 30.88.82 495-20',
    'Ligner på 30 88 82 495 20',
    'Ligner på 3.0.8.8.8.2.4.9.5.2.0',
    'På rom 12, 30 88 82 49520',
    'Felles hjelpenummer 800000 01205',
  ])
    assert.ok(hasNationalId(text), text)
})

test('a national id is found in the digits of any script, and with something invisible between them', () => {
  for (const text of [
    'Ligner på ３０８８８２４９５２０',
    'Ligner på ٣٠٨٨٨٢٤٩٥٢٠',
    'Ligner på ٣٠٨٨٨٢-٤٩٥٢٠',
    'Ligner på ३०८८८२४९५२०',
    'Ligner på 𝟑𝟎𝟖𝟖𝟖𝟐𝟒𝟗𝟓𝟐𝟎',
    'Ligner på ③⓪⑧⑧⑧②④⑨⑤②⓪',
    'Ligner på 30888\u200b249520',
    'Ligner på 3\ufe0f\u20e30\ufe0f\u20e388824\u2060952\u00ad0',
  ])
    assert.ok(hasNationalId(text), text)
})

test('telephone numbers, dates, times and other numbers are nobody’s national id', () => {
  for (const text of [
    'Ringt fra 90123456 i natt',
    'Ringt fra 90 12 34 56 om pasienten',
    'Ringt fra +47 68 05 12 34',
    'Prøve 123456789012 er uklar',
    'Innlagt 15.7.2026 0915 fra legevakt',
    'Innlagt 20.11.2026 kl. 09:15:12',
    'Blodtrykk 120/80, puls 88, temp 38,5, SpO2 94 %',
    '2026 1120 1445 0003',
    'HPR 999000101',
    '',
  ])
    assert.equal(hasNationalId(text), false, text)
})

test('digits of every script are read as 0 to 9, and what is no digit stays', () => {
  assert.equal(plainDigits('٠١٢٣٤٥٦٧٨٩ ०१२३४५६७८९ 𑛐𑛙𑛚𑛣 abc'), '0123456789 0123456789 0909 abc')
  assert.equal(plainDigits('Åse 12'), 'Åse 12')
})
