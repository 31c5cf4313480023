import globals from 'globals'
import neostandard from 'neostandard'

export default [
  ...neostandard({ ts: true, ignores: ['dist/**', '.tap/**', 'node_modules/**'] }),
  {
    files: ['lib/**/*.ts', 'types/**/*.ts'],
    rules: { 'max-lines': ['error', { max: 300 }] }
  },
  {
    files: ['examples/**/public/**/*.js'],
    languageOptions: { globals: globals.browser }
  }
]
